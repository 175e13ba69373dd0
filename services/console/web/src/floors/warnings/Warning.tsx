import { Card, Col, Row, Skeleton } from "antd";
import { Link, useParams } from "react-router";
import { profiling } from "../../api/client";
import { useText as useTitles } from "../../app/text";
import { Failure } from "../../kit/Failure";
import { Page } from "../../kit/Page";
import { Actions } from "./Actions";
import { EntityCard } from "./EntityCard";
import { Episodes } from "./Episodes";
import { Evidence } from "./Evidence";
import type { SignalFile } from "./model";
import { Precision } from "./Precision";
import { Situation } from "./Situation";
import { Suppressions } from "./Suppressions";
import { Trail } from "./Trail";
import { useText } from "./text";
import { useSaid } from "./useFamilies";
import "./warnings.css";

/** One warning: what it rests on, whom it is about, what was done, and what can be done. */
export default function Warning() {
  const titles = useTitles();
  const { id = "" } = useParams();
  const reading = profiling.useQuery("get", "/v1/signals/{signal_id}", {
    params: { path: { signal_id: id } },
  });
  if (reading.data) return <File file={reading.data} />;
  return (
    <Page title={titles.warning}>
      {reading.isPending ? (
        <Skeleton active={false} />
      ) : (
        <Failure error={reading.error} onRetry={() => void reading.refetch()} />
      )}
    </Page>
  );
}

function File({ file }: { file: SignalFile }) {
  const text = useText();
  const said = useSaid()(file);
  return (
    <Page
      title={`${said.title} · ${file.entity_name || file.uscc}`}
      lead={<Link to="/warnings">{text.back}</Link>}
      actions={<Actions file={file} />}
      printable
    >
      <Row gutter={[12, 12]}>
        <Col xs={24} lg={16}>
          <div className="grid">
            <Situation file={file} />
            <Card title={<h2>{text.facts}</h2>}>
              <Evidence facts={file.facts} />
            </Card>
            {file.episodes.length > 0 && (
              <Card title={<h2>{text.episodes}</h2>}>
                <Episodes episodes={file.episodes} />
              </Card>
            )}
            <Card title={<h2>{text.trail}</h2>}>
              <Trail file={file} />
            </Card>
          </div>
        </Col>
        <Col xs={24} lg={8}>
          <div className="grid">
            <EntityCard signal={file} />
            <Suppressions file={file} />
            <Card title={<h2>{text.precision}</h2>}>
              <Precision family={file.family} />
            </Card>
          </div>
        </Col>
      </Row>
    </Page>
  );
}
