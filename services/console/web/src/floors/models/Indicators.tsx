import { useText } from "../../app/text";
import { Page } from "../../kit/Page";

export default function Indicators() {
  const text = useText();
  return <Page title={text.indicators}>{null}</Page>;
}
