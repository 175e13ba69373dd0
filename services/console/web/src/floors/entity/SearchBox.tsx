import { SearchOutlined } from "@ant-design/icons";
import { Input } from "antd";
import { useEffect, useState } from "react";
import { useUrlState } from "../../kit/useUrlState";
import { focusResult, openFirst } from "./resultKeys";
import { useSearchText } from "./searchText";

const PAUSE_MS = 250;

/** Where is typed; the search follows a short pause, and the arrow keys lead into what was found. */
export function SearchBox() {
  const text = useSearchText();
  const [{ q = "" }, change] = useUrlState();
  const [typed, setTyped] = useState(q);
  useEffect(() => setTyped((now) => (now.trim() === q ? now : q)), [q]);
  useEffect(() => {
    if (typed.trim() === q) return;
    const wait = window.setTimeout(() => change({ q: typed.trim() }), PAUSE_MS);
    return () => window.clearTimeout(wait);
  }, [typed, q, change]);
  return (
    <Input
      size="large"
      autoFocus
      allowClear
      prefix={<SearchOutlined />}
      suffix={<span className="quiet entity-keys">{text.keys}</span>}
      aria-label={text.q}
      placeholder={text.placeholder}
      maxLength={100}
      value={typed}
      onChange={({ target }) => setTyped(target.value)}
      onKeyDown={(event) => {
        if (event.key === "ArrowDown" && focusResult(0)) event.preventDefault();
        if (event.key === "Enter" && typed.trim() === q) openFirst();
      }}
    />
  );
}
