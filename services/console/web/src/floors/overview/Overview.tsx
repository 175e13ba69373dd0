import { useText } from "../../app/text";
import { Page } from "../../kit/Page";

export default function Overview() {
  const text = useText();
  return <Page title={text.overview}>{null}</Page>;
}
