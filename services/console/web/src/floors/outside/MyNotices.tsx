import { useText } from "../../app/text";
import { Page } from "../../kit/Page";

export default function MyNotices() {
  const text = useText();
  return <Page title={text.my_notices}>{null}</Page>;
}
