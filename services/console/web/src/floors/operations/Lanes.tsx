import { useText } from "../../app/text";
import { Page } from "../../kit/Page";

export default function Lanes() {
  const text = useText();
  return <Page title={text.lanes}>{null}</Page>;
}
