import { useCallback, useState } from "react";

/** Remembers between visits whether the list of dashboards is open. */
const key = "obs-preview-navigation";

/** Where there is less room, the panels need it more (CSS pixels). */
const roomy = 1600;

/** Whether the list of dashboards is open beside the page. */
export function useNavigation(): { open: boolean; toggle(): void } {
  const [open, setOpen] = useState(() => {
    const last = localStorage.getItem(key);
    return last === null ? window.innerWidth >= roomy : last === "open";
  });
  const toggle = useCallback(() => {
    setOpen((was) => {
      localStorage.setItem(key, was ? "closed" : "open");
      return !was;
    });
  }, []);
  return { open, toggle };
}
