import { useText } from "../../app/text";
import { Page } from "../../kit/Page";

export default function Drafts() {
  const text = useText();
  return <Page title={text.drafts}>{null}</Page>;
}
