import { useText } from "../../app/text";
import { Page } from "../../kit/Page";

export default function Warnings() {
  const text = useText();
  return <Page title={text.warnings}>{null}</Page>;
}
