import type { InterpolateFunction } from "@grafana/data";
import { Dropdown, Icon, type IconName, Menu, ToolbarButton } from "@grafana/ui";
import type { State } from "../../api.js";
import type { Link } from "../data/model.js";

interface DashboardLinksProps {
  links: readonly Link[];
  state: State;
  replace: InterpolateFunction;
}

/** Links on top of a dashboard: to addresses, or to all dashboards with some tags. */
export function DashboardLinks({ links, state, replace }: DashboardLinksProps) {
  return links.map((link) => {
    const { title = "", type, tags = [], asDropdown, targetBlank, tooltip, icon } = link;
    const key = `${title} ${link.url ?? tags.join()}`;
    const target = targetBlank ? "_blank" : undefined;
    if (type !== "dashboards")
      return (
        <Anchor
          key={key}
          href={addressOf(link, link.url ?? "", replace)}
          {...{ title: replace(title), tooltip, target, icon }}
        />
      );
    const found = state.dashboards.filter((each) => tags.every((tag) => each.tags.includes(tag)));
    const hrefOf = (uid: string) => addressOf(link, `/d/${uid}`, replace);
    if (!asDropdown)
      return found.map(({ uid, title: name }) => (
        <Anchor key={uid} href={hrefOf(uid)} title={name} tooltip={tooltip} target={target} icon="apps" />
      ));
    const menu = (
      <Menu>
        {found.map(({ uid, title: name }) => (
          <Menu.Item key={uid} label={name} url={hrefOf(uid)} target={target} />
        ))}
      </Menu>
    );
    return (
      <Dropdown key={key} overlay={menu} placement="bottom-start">
        <ToolbarButton variant="canvas" icon="apps" isOpen={false} tooltip={tooltip || undefined}>
          {replace(title)}
        </ToolbarButton>
      </Dropdown>
    );
  });
}

function Anchor(props: { href: string; title: string; tooltip?: string; target?: string; icon?: string }) {
  const { href, title, tooltip, target, icon } = props;
  return (
    <a className="dashboard-link" href={href} title={tooltip || undefined} target={target} rel="noreferrer">
      <Icon
        name={(icon === "external link" ? "external-link-alt" : (icon ?? "link")) as IconName}
        size="sm"
      />{" "}
      {title}
    </a>
  );
}

/** The address of a link, with the time and the choices of this page where it takes them along. */
export function addressOf(
  { includeVars, keepTime }: Link,
  url: string,
  replace: InterpolateFunction,
): string {
  const more = [keepTime && "${__url_time_range}", includeVars && "${__all_variables}"]
    .filter((each): each is string => typeof each === "string")
    .map((each) => replace(each))
    .filter((each) => each !== "");
  const address = replace(url);
  if (more.length === 0) return address;
  return `${address}${address.includes("?") ? "&" : "?"}${more.join("&")}`;
}
