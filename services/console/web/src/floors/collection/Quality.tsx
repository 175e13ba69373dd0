import { useText } from "../../app/text";
import { Page } from "../../kit/Page";

export default function Quality() {
  const text = useText();
  return <Page title={text.quality}>{null}</Page>;
}
