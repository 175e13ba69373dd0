import { useText } from "../../app/text";
import { Page } from "../../kit/Page";

export default function MyClues() {
  const text = useText();
  return <Page title={text.my_clues}>{null}</Page>;
}
