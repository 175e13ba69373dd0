import { useText } from "../../app/text";
import { Page } from "../../kit/Page";

export default function MyRecords() {
  const text = useText();
  return <Page title={text.my_records}>{null}</Page>;
}
