import { useText } from "../../app/text";
import { Page } from "../../kit/Page";

export default function Warning() {
  const text = useText();
  return <Page title={text.warning}>{null}</Page>;
}
