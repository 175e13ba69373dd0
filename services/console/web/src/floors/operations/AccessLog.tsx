import { useText } from "../../app/text";
import { Page } from "../../kit/Page";

export default function AccessLog() {
  const text = useText();
  return <Page title={text.access_log}>{null}</Page>;
}
