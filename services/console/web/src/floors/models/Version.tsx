import { useText } from "../../app/text";
import { Page } from "../../kit/Page";

export default function Version() {
  const text = useText();
  return <Page title={text.version}>{null}</Page>;
}
