import { useText } from "../../app/text";
import { Page } from "../../kit/Page";

export default function Inspection() {
  const text = useText();
  return <Page title={text.inspection}>{null}</Page>;
}
