import { useText } from "../../app/text";
import { Page } from "../../kit/Page";

export default function Quarantine() {
  const text = useText();
  return <Page title={text.quarantine}>{null}</Page>;
}
