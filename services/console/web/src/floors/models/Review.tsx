import { useText } from "../../app/text";
import { Page } from "../../kit/Page";

export default function Review() {
  const text = useText();
  return <Page title={text.review}>{null}</Page>;
}
