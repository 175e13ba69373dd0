import { Card, Flex, Typography } from "antd";
import type { ReactNode } from "react";

/** A part of the section with its heading. */
export function Part({ title, extra, children }: { title: string; extra?: ReactNode; children: ReactNode }) {
  return (
    <Card>
      <Flex justify="space-between" align="start" gap={12} wrap="wrap">
        <Typography.Title level={2}>{title}</Typography.Title>
        {extra}
      </Flex>
      {children}
    </Card>
  );
}
