import { useText } from "../../app/text";
import { Page } from "../../kit/Page";

export default function Entity() {
  const text = useText();
  return <Page title={text.entity}>{null}</Page>;
}
