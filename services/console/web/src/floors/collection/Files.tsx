import { useText } from "../../app/text";
import { Page } from "../../kit/Page";

export default function Files() {
  const text = useText();
  return <Page title={text.files}>{null}</Page>;
}
