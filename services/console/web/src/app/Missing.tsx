import { Button, Result } from "antd";
import { Link, useRouteError } from "react-router";
import { Page } from "../kit/Page";
import { homeOf } from "./pages";
import { useSession } from "./session";
import { useText } from "./text";

/** A page that the role may not see. */
export function NotAllowed() {
  const text = useText();
  return <Stop title={text.not_allowed} hint={text.not_allowed_hint} />;
}

/** An address where there is no page. */
export function NotFound() {
  const text = useText();
  return <Stop title={text.not_found} hint={text.not_found_hint} />;
}

function Stop({ title, hint }: { title: string; hint: string }) {
  const text = useText();
  const { role } = useSession();
  return (
    <Page title={title}>
      <Result
        status="info"
        subTitle={hint}
        extra={
          <Link to={homeOf(role)}>
            <Button type="primary">{text.home}</Button>
          </Link>
        }
      />
    </Page>
  );
}

/** A page whose own code failed; the rest of the console stays usable. */
export function Broken() {
  const text = useText();
  const error = useRouteError();
  return (
    <Page title={text.broken}>
      <p>{text.broken_hint}</p>
      <pre className="problem-detail">{error instanceof Error ? error.message : String(error)}</pre>
      <Button onClick={() => window.location.reload()}>{text.reload}</Button>
    </Page>
  );
}
