#include "Report.h"

namespace a2f {
namespace {

std::string Mark(const char* what, bool is_well) {
  return std::string(what) + (is_well ? " \xE2\x9C\x93" : " \xE2\x9C\x97");
}

std::string Ms(std::int64_t us) { return std::to_string(us / 1000) + " ms"; }

}  // namespace

std::vector<std::string> LinesOf(const Report& report) {
  const bool has_curves = report.driven > 0 && report.matched > 0;
  std::string marks = Mark("server", report.has_server) + "  " + Mark("audio", report.has_audio) +
                      "  " + Mark("poses", report.has_poses) + "  " +
                      Mark("curves matched", has_curves) + " " + std::to_string(report.matched) +
                      "/" + std::to_string(report.driven);
  std::vector<std::string> lines{std::move(marks)};
  if (!report.problem.empty()) lines.push_back(report.problem);
  if (!report.has_server) return lines;
  lines.push_back(report.server + ", rig " + report.rig +
                  (report.missing > 0 ? ", missing on the mesh " + std::to_string(report.missing)
                                      : std::string()));
  const std::string trip = report.round_trip_us < 0 ? "?" : Ms(report.round_trip_us);
  lines.push_back("round trip " + trip + ", look-ahead " + Ms(report.look_ahead_us) + ", margin " +
                  Ms(report.margin_us) + ", skew " + Ms(report.skew_us));
  lines.push_back("stalls " + std::to_string(report.stalls) + ", underruns " +
                  std::to_string(report.underruns) + ", poses dropped " +
                  std::to_string(report.dropped));
  return lines;
}

}  // namespace a2f
