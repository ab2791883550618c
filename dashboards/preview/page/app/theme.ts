import { createTheme, type GrafanaTheme2 } from "@grafana/data";

const themes = {
  dark: createTheme({ colors: { mode: "dark" } }),
  light: createTheme({ colors: { mode: "light" } }),
};

/** Remembers the choice of looks between visits. */
const key = "obs-preview-theme";

/** The theme that is asked for, else the one chosen last, else the system's. */
export function themeOf(asked: "dark" | "light" | undefined): GrafanaTheme2 {
  const light = window.matchMedia("(prefers-color-scheme: light)").matches;
  const last = localStorage.getItem(key);
  return themes[asked ?? (last === "light" || last === "dark" ? last : light ? "light" : "dark")];
}

/** Keeps a choice of looks for the next visit. */
export function rememberTheme(mode: "dark" | "light"): void {
  localStorage.setItem(key, mode);
}

/** Gives the theme's colours and sizes to the style sheet, also where drawers are, beside the page. */
export function applyTheme({ colors, typography, shape }: GrafanaTheme2): void {
  const { style, dataset } = document.documentElement;
  dataset.theme = colors.mode;
  const variables = {
    "--canvas": colors.background.canvas,
    "--primary": colors.background.primary,
    "--secondary": colors.background.secondary,
    "--hover": colors.action.hover,
    "--selected": colors.action.selected,
    "--text": colors.text.primary,
    "--text-secondary": colors.text.secondary,
    "--text-disabled": colors.text.disabled,
    "--text-link": colors.text.link,
    "--border": colors.border.weak,
    "--border-medium": colors.border.medium,
    "--accent": colors.primary.main,
    "--error": colors.error.text,
    "--error-background": colors.error.transparent,
    "--error-border": colors.error.border,
    "--warning": colors.warning.text,
    "--warning-background": colors.warning.transparent,
    "--warning-border": colors.warning.border,
    "--success": colors.success.main,
    "--small": typography.bodySmall.fontSize,
    "--mono": typography.fontFamilyMonospace,
    "--radius": shape.radius.default,
  };
  for (const [name, value] of Object.entries(variables)) style.setProperty(name, value);
}
