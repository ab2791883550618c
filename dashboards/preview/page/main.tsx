import "./app/page.css";
import { initPluginTranslations } from "@grafana/i18n";
import { createRoot } from "react-dom/client";
import { App } from "./app/app.js";
import { followLinks } from "./app/use-address.js";

// Where Grafana's components look for their fonts and icons.
Object.assign(window, { __grafana_public_path__: "/assets/" });
// They wait for their texts, which are English already.
await initPluginTranslations("grafana-ui", []);
followLinks();
createRoot(document.getElementById("page")!).render(<App />);
