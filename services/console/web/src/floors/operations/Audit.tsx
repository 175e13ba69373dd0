import { useText } from "../../app/text";
import { Page } from "../../kit/Page";

export default function Audit() {
  const text = useText();
  return <Page title={text.audit}>{null}</Page>;
}
