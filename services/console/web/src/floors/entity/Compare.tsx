import { useText } from "../../app/text";
import { Page } from "../../kit/Page";

export default function Compare() {
  const text = useText();
  return <Page title={text.compare}>{null}</Page>;
}
