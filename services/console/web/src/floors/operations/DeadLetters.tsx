import { useText } from "../../app/text";
import { Page } from "../../kit/Page";

export default function DeadLetters() {
  const text = useText();
  return <Page title={text.dead_letters}>{null}</Page>;
}
