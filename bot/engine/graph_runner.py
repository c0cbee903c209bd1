"""Runs a trained model's graph, one node after the other."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

from rasa.engine.graph import GraphNode, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner

Plan = List[Tuple[str, GraphNode, Tuple[str, ...]]]


class OrderedGraphRunner(DaskGraphRunner):
    """Rasa's runner without planning the same few nodes anew for every message.

    It also spares a log line for which Rasa writes out the tracker and the whole graph.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._plans: Dict[Tuple[str, ...], Plan] = {}

    def run(
        self, inputs: Optional[Dict[str, Any]] = None, targets: Optional[List[str]] = None
    ) -> Dict[str, Any]:
        """The results of the target nodes by name."""
        wanted = tuple(targets or self._graph_schema.target_names)
        if wanted not in self._plans:
            self._plans[wanted] = self._plan(wanted)
        results: Dict[str, Any] = {name: (name, given) for name, given in (inputs or {}).items()}
        for name, node, needs in self._plans[wanted]:
            # A node names what it misses itself.
            results[name] = node(*(results.get(need, need) for need in needs))
        return {name: results[name][1] for name in wanted}

    def _plan(self, targets: Tuple[str, ...]) -> Plan:
        schema: GraphSchema = self._graph_schema.minimal_graph_schema(list(targets))
        plan: Plan = []
        planned: set[str] = set()

        def add(name: str) -> None:
            # What is no node is an input.
            if name in planned or name not in schema.nodes:
                return
            planned.add(name)
            needs = tuple(schema.nodes[name].needs.values())
            for need in needs:
                add(need)
            plan.append((name, self._instantiated_nodes[name], needs))

        for target in targets:
            add(target)
        return plan
