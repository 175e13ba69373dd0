import {
  AlertOutlined,
  ApartmentOutlined,
  CloudUploadOutlined,
  ControlOutlined,
  DashboardOutlined,
  FileProtectOutlined,
  FileSearchOutlined,
  ShopOutlined,
  SolutionOutlined,
} from "@ant-design/icons";
import type { ReactNode } from "react";

/** The icon of each floor. */
export const ICONS: Record<string, ReactNode> = {
  overview: <DashboardOutlined />,
  entity: <ShopOutlined />,
  warnings: <AlertOutlined />,
  inspections: <FileSearchOutlined />,
  repair: <FileProtectOutlined />,
  collection: <CloudUploadOutlined />,
  models: <ApartmentOutlined />,
  operations: <ControlOutlined />,
  outside: <SolutionOutlined />,
};
