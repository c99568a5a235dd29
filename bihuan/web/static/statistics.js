/* Draws the charts of the statistics page from its own tables: what a chart says, the table beside it says too.
   Colors are those of paper.css; nothing is fetched. */
(function () {
  "use strict";
  if (!window.BihuanCharts) return;
  var style = getComputedStyle(document.documentElement);
  var color = function (name, otherwise) { return style.getPropertyValue(name).trim() || otherwise; };
  var teal = color("--teal", "#12615c"), ink = color("--ink-2", "#4a5560"), line = color("--line", "#d9dee3");
  var jade = color("--jade", "#2f7d4f"), cinnabar = color("--cinnabar", "#b5341c");
  var text = { color: ink, fontSize: 12, fontFamily: getComputedStyle(document.body).fontFamily };

  function rowsOf(table) { return Array.prototype.slice.call(table.tBodies[0].rows); }
  function headsOf(table) {
    return Array.prototype.map.call(table.tHead.rows[0].cells, function (cell) { return cell.textContent.trim(); });
  }
  function numbers(rows, place) {
    return rows.map(function (row) { return Number(row.querySelectorAll("[data-n]")[place].getAttribute("data-n")); });
  }
  function labels(rows) { return rows.map(function (row) { return row.cells[0].textContent.trim(); }); }

  function common(names) {
    return {
      animation: false, textStyle: text, aria: { enabled: true },
      legend: { data: names, top: 0, right: 0, textStyle: text, icon: "roundRect", itemHeight: 8 },
      tooltip: { trigger: "axis", renderMode: "richText", confine: true },
      grid: { left: 8, right: 8, top: 36, bottom: 4, containLabel: true },
    };
  }
  function axis(more) {
    return Object.assign({ axisLabel: text, axisLine: { lineStyle: { color: line } }, axisTick: { show: false },
      splitLine: { lineStyle: { color: line } } }, more);
  }

  function months(table) {
    var rows = rowsOf(table), heads = headsOf(table), names = [heads[1], heads[2], heads[3], heads[4]];
    var percents = rows.map(function (row) { var said = row.getAttribute("data-percent"); return said ? Number(said) : null; });
    if (percents.filter(function (one) { return one !== null; }).length < 2) return null;
    return Object.assign(common(names), {
      xAxis: axis({ type: "category", data: labels(rows), splitLine: { show: false } }),
      yAxis: [axis({ type: "value", minInterval: 1 }),
        axis({ type: "value", min: 0, max: 100, axisLabel: Object.assign({ formatter: "{value}%" }, text), splitLine: { show: false } })],
      series: [
        { name: names[0], type: "bar", data: numbers(rows, 0), itemStyle: { color: "#c3ccd4" }, barGap: "-100%", barMaxWidth: 28 },
        { name: names[1], type: "bar", data: numbers(rows, 1), itemStyle: { color: jade }, barMaxWidth: 28 },
        { name: names[2], type: "line", data: numbers(rows, 2), itemStyle: { color: cinnabar }, lineStyle: { type: "dashed" }, symbol: "triangle", symbolSize: 7 },
        { name: names[3], type: "line", yAxisIndex: 1, data: percents, itemStyle: { color: teal }, symbol: "circle", symbolSize: 6 },
      ],
    });
  }

  function cycles(table) {
    var rows = rowsOf(table), counts = numbers(rows, 0);
    if (counts.filter(Boolean).length < 2) return null;
    var name = headsOf(table)[1], option = common([name]);
    delete option.legend;
    option.grid.top = 12;
    return Object.assign(option, {
      xAxis: axis({ type: "category", data: labels(rows), splitLine: { show: false } }),
      yAxis: axis({ type: "value", minInterval: 1 }),
      series: [{ name: name, type: "bar", data: counts, itemStyle: { color: teal }, barMaxWidth: 48, label: { show: true, position: "top", color: ink } }],
    });
  }

  var drawn = [];
  function draw(kind, optionOf) {
    var place = document.querySelector('[data-chart-of="' + kind + '"]');
    var table = document.querySelector('table[data-chart="' + kind + '"]');
    var option = place && table && optionOf(table);
    if (!option) return;
    place.hidden = false;
    var chart = window.BihuanCharts.init(place, null, { renderer: "canvas" });
    chart.setOption(option);
    drawn.push(chart);
  }
  draw("months", months);
  draw("cycles", cycles);
  function resize() { drawn.forEach(function (chart) { chart.resize(); }); }
  window.addEventListener("resize", resize);
  window.addEventListener("beforeprint", resize);
})();
