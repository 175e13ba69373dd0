import { useText } from "../../app/text";
import { Page } from "../../kit/Page";

export default function Search() {
  const text = useText();
  return <Page title={text.entities}>{null}</Page>;
}
