import { useText } from "../../app/text";
import { Page } from "../../kit/Page";

export default function Draft() {
  const text = useText();
  return <Page title={text.draft}>{null}</Page>;
}
