import { useText } from "../../app/text";
import { Page } from "../../kit/Page";

export default function Versions() {
  const text = useText();
  return <Page title={text.versions}>{null}</Page>;
}
