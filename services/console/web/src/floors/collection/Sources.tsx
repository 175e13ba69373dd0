import { useText } from "../../app/text";
import { Page } from "../../kit/Page";

export default function Sources() {
  const text = useText();
  return <Page title={text.sources}>{null}</Page>;
}
