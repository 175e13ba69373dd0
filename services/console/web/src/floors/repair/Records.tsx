import { useText } from "../../app/text";
import { Page } from "../../kit/Page";

export default function Records() {
  const text = useText();
  return <Page title={text.records}>{null}</Page>;
}
