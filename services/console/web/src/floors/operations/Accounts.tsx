import { useText } from "../../app/text";
import { Page } from "../../kit/Page";

export default function Accounts() {
  const text = useText();
  return <Page title={text.accounts}>{null}</Page>;
}
