import { useText } from "../../app/text";
import { Page } from "../../kit/Page";

export default function File() {
  const text = useText();
  return <Page title={text.file}>{null}</Page>;
}
