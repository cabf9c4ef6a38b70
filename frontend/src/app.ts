/**
 * Progressive enhancement: every page works without this file, these parts make it nicer.
 * Parts that draw are loaded only where something is to be drawn.
 */
import "htmx.org";

import { enhanceAutosave, settleSubmittedDraft } from "./autosave.ts";
import { enhanceCharacterCounts } from "./character_count.ts";
import { enhanceCopyButtons } from "./clipboard.ts";
import { enhanceComboboxes } from "./combobox.ts";
import { enhanceConditionalFields } from "./conditional_fields.ts";
import { enhanceCowriting } from "./cowriting.ts";
import { enhanceConfirmations, enhanceDialogs } from "./dialogs.ts";
import { enhanceDisclosures } from "./disclosures.ts";
import { enhanceUploads } from "./file_upload.ts";
import { enhanceGrowingTables } from "./growing_table.ts";
import { connectHtmx } from "./htmx_bridge.ts";
import { enhanceJudging } from "./judging.ts";
import { enhanceMinutesEditors } from "./minutes_editor.ts";
import { enhancePasswordFields } from "./password_field.ts";
import { enhanceProgress } from "./progress.ts";
import { enhanceSubmitGuards } from "./submit_guard.ts";
import { enhanceSubmitOnChange } from "./submit_on_change.ts";
import { enhanceUnsavedWarnings } from "./unsaved_changes.ts";
import { enhanceViewSwitches } from "./view_switch.ts";
import { enhanceWritingAids } from "./writing_aids.ts";

const PARTS: ReadonlyArray<(root: ParentNode) => void> = [
  enhanceConditionalFields,
  enhanceGrowingTables,
  enhanceCharacterCounts,
  enhanceCopyButtons,
  enhanceComboboxes,
  enhanceConfirmations,
  enhanceDialogs,
  enhanceDisclosures,
  enhanceUploads,
  enhanceJudging,
  enhanceMinutesEditors,
  enhancePasswordFields,
  enhanceProgress,
  enhanceSubmitOnChange,
  enhanceViewSwitches,
  enhanceAutosave,
  enhanceCowriting,
  enhanceUnsavedWarnings,
  enhanceWritingAids,
  enhanceSubmitGuards,
  drawPictures,
];

/** Makes everything inside `root` nicer; `root` is the page or a part that arrived later. */
function enhance(root: ParentNode): void {
  for (const part of PARTS) part(root);
}

function drawPictures(root: ParentNode): void {
  if (root.querySelector("[data-japan-map]") !== null) {
    void import("./japan_map.ts").then((module) => module.enhanceJapanMaps(root));
  }
  if (root.querySelector("[data-town-map]") !== null) {
    void import("./town_map.ts").then((module) => module.enhanceTownMaps(root));
  }
  if (root.querySelector("[data-bar-chart]") !== null) {
    void import("./bar_chart.ts").then((module) => module.enhanceBarCharts(root));
  }
}

document.documentElement.dataset["script"] = "on";
settleSubmittedDraft();
enhance(document);
connectHtmx(enhance);
document.addEventListener("page:replaced", () => enhance(document.body));
document.querySelector<HTMLElement>("[data-error-summary]")?.focus();
