import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const console_url = process.env.CONSOLE_URL ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "../src/console_service/page",
    emptyOutDir: true,
    target: "es2022",
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1200,
  },
  server: {
    proxy: { "/api": { target: console_url } },
    fs: { allow: [".", "../src/console_service/packs"] },
  },
  test: { include: ["src/**/*.test.ts", "src/**/*.test.tsx"] },
});
