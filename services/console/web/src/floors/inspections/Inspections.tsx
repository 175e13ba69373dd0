import { useText } from "../../app/text";
import { Page } from "../../kit/Page";

export default function Inspections() {
  const text = useText();
  return <Page title={text.inspections}>{null}</Page>;
}
