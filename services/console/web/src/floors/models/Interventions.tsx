import { useText } from "../../app/text";
import { Page } from "../../kit/Page";

export default function Interventions() {
  const text = useText();
  return <Page title={text.interventions}>{null}</Page>;
}
