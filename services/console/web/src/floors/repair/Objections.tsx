import { useText } from "../../app/text";
import { Page } from "../../kit/Page";

export default function Objections() {
  const text = useText();
  return <Page title={text.objections}>{null}</Page>;
}
