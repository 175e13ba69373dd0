import { Flex, Tag } from "antd";
import { classification } from "../../api/client";
import type { components } from "../../api/generated/classification";
import { useFormats } from "../../i18n/format";
import { useNamed } from "../../i18n/language";
import { ClassTag } from "../../kit/ClassTag";
import { Loaded } from "../../kit/Loaded";
import { useClassText } from "./classText";
import { Part } from "./Part";
import { useCatalogue } from "./reads";
import { useValueText } from "./useValueText";

type Answer = components["schemas"]["CounterfactualAnswer"];

/** What would have to change for the next better class, or what stands in the way. */
export function Improve({ uscc }: { uscc: string }) {
  const text = useClassText();
  const reading = classification.useQuery(
    "get",
    "/v1/entities/{uscc}/class/counterfactual",
    { params: { path: { uscc } } },
    { staleTime: 60_000 },
  );
  return (
    <Part title={text.improve}>
      <Loaded reading={reading}>{(answer) => <Answered answer={answer} />}</Loaded>
    </Part>
  );
}

function Answered({ answer }: { answer: Answer }) {
  const text = useClassText();
  const named = useNamed();
  if (answer.target === "") return <p>{text.improve_top}</p>;
  return (
    <>
      {answer.reached !== "" && <Reached answer={answer} />}
      {answer.changes.length > 0 ? (
        <Changes changes={answer.changes} />
      ) : (
        <p>{named({ zh: answer.sentence_zh, en: answer.sentence_en })}</p>
      )}
      <Named title={text.improve_gained} items={answer.gained} />
      <Named title={text.obstacles} items={answer.obstacles} />
      {!answer.is_complete && <p className="quiet">{text.improve_partial}</p>}
    </>
  );
}

function Named({ title, items }: { title: string; items: Answer["obstacles"] }) {
  const named = useNamed();
  if (items.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul className="entity-rules">
        {items.map((each) => (
          <li key={each.code}>{named(each)}</li>
        ))}
      </ul>
    </>
  );
}

function Reached({ answer }: { answer: Answer }) {
  const text = useClassText();
  const { points } = useFormats();
  return (
    <Flex gap={8} align="center">
      <ClassTag value={answer.risk_class} />→
      <ClassTag value={answer.reached} />
      <span className="quiet">{text.improve_score(points(answer.score))}</span>
    </Flex>
  );
}

function Changes({ changes }: { changes: Answer["changes"] }) {
  const text = useClassText();
  const named = useNamed();
  const valueText = useValueText();
  const catalogue = useCatalogue();
  const value = (code: string, of: number) => valueText(of, catalogue.get(code)?.unit ?? "count");
  return (
    <ol className="entity-rules">
      {changes.map((change) => (
        <li key={change.indicator}>
          {named({ zh: change.how_zh, en: change.how_en })}
          <div className="quiet entity-source">
            {named(change)}{" "}
            <Tag>
              {text.improve_from_to(
                value(change.indicator, change.was),
                value(change.indicator, change.becomes),
              )}
            </Tag>
            {text.source}：{change.citation}
          </div>
        </li>
      ))}
    </ol>
  );
}
