"""A reader without a browser: speaks the dashboard server's websocket protocol as the browser's code does.

The messages are Streamlit's own protobuf classes, so a change of the protocol fails here instead of passing unseen.
"""

import hashlib
import json
import re
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

CHARTS = 4
SLIDER = re.compile(r"-slider-(\w+)$")
RESET = re.compile(r"-reset-(\w+)$")
SOURCE = re.compile(r'<p class="source">(.*?)</p>', re.DOTALL)
LEAD = re.compile(r'data-testid="lead">(.*?)</p>', re.DOTALL)
KEPT_RUNS = 2
"""For so many runs a browser keeps a message, and says so, that it has not been sent again."""


class WrongAnswerError(Exception):
    """What came back is not what was asked for."""


@dataclass(frozen=True)
class Slider:
    """A slider as the page shows it."""

    id: str
    name: str
    minimum: float
    maximum: float
    step: float
    start: float

    def near(self, part: float) -> list[float]:
        """Return the values on steps no further from the start than a part of the range, as a browser computes them."""
        reach = part * (self.maximum - self.minimum)
        steps = range(round((self.maximum - self.minimum) / self.step) + 1)
        places = (self.minimum + step * self.step for step in steps)
        return [place for place in places if abs(place - self.start) <= reach]


@dataclass
class Answer:
    """What one run of the script sent: its elements by name, and its size in bytes."""

    lead: str = ""
    source: str = ""
    charts: dict[str, str] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    size: int = 0

    @property
    def digest(self) -> str:
        """A digest of all the data of all charts."""
        return hashlib.sha256(json.dumps(self.charts, sort_keys=True).encode()).hexdigest()


class Reader:
    """One connection to the server: `load` the page, then `move` its sliders; leave the `with` block to go."""

    def __init__(self, stream: str, query: dict[str, float] | None = None) -> None:
        """Take the address of the stream, and what the link says about sliders."""
        self.stream, self.query = stream, urlencode(query or {})
        self.sliders: dict[str, Slider] = {}
        self.values: dict[str, float] = {}
        self.answer = Answer()
        self._states: dict[str, WidgetState] = {}
        self._messages: dict[str, tuple[int, ForwardMsg]] = {}
        self._fragment = self._page = ""
        self._runs = 0

    async def __aenter__(self) -> "Reader":
        """Connect."""
        self._socket: ClientConnection = await connect(
            self.stream, subprotocols=[Subprotocol("streamlit")], max_size=None, ping_interval=None, open_timeout=60
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave, as a closed tab does."""
        await self._socket.close()

    async def load(self) -> Answer:
        """Ask for the whole page; raises `WrongAnswerError` when it is not complete."""
        answer = await self._run(fragment="", expected=ForwardMsg.FINISHED_SUCCESSFULLY)
        if not self.sliders or not self._fragment:
            raise WrongAnswerError("the page came without sliders that drive a fragment")
        return answer

    async def move(self, name: str, value: float) -> Answer:
        """Move a slider and read the whole answer; raises `WrongAnswerError` when it is not one to this move."""
        slider = self.sliders[name]
        self.values[name] = value
        state = WidgetState(id=slider.id)
        state.double_array_value.data.append(value)
        self._states[slider.id] = state
        answer = await self._run(self._fragment, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
        moved = {slider.name for slider in self.sliders.values() if not self._at_start(slider)}
        if answer.changed != moved:
            raise WrongAnswerError(f"the page calls {sorted(answer.changed)} changed, and it is {sorted(moved)}")
        return answer

    @property
    def link(self) -> dict[str, float]:
        """The sliders as a link to this state says them."""
        return {name: round(value, 9) for name, value in self.values.items() if not self._at_start(self.sliders[name])}

    def _at_start(self, slider: Slider) -> bool:
        return abs(self.values[slider.name] - slider.start) < slider.step / 2

    async def _run(self, fragment: str, expected: int) -> Answer:
        await self._socket.send(self._request(fragment).SerializeToString())
        answer = Answer()
        while True:
            received = await self._socket.recv(decode=False)
            answer.size += len(received)
            message = ForwardMsg.FromString(received)
            kind = message.WhichOneof("type")
            if kind == "ref_hash":
                message = self._recall(message)
            elif message.metadata.cacheable:
                self._messages[message.hash] = (self._runs, message)
            if kind == "script_finished":
                if message.script_finished != expected:
                    raise WrongAnswerError(f"the script ended with status {message.script_finished}")
                break
            if kind == "new_session":
                self._page = message.new_session.page_script_hash
            elif message.delta.WhichOneof("type") == "new_element":
                self._take(message.delta.new_element, message.delta.fragment_id, answer)
        if len(answer.charts) != CHARTS or not answer.lead:
            raise WrongAnswerError(f"{len(answer.charts)} charts and the sentence “{answer.lead}” came")
        self._runs += 1
        self._messages = {key: kept for key, kept in self._messages.items() if self._runs - kept[0] <= KEPT_RUNS}
        self.answer = answer
        return answer

    def _request(self, fragment: str) -> BackMsg:
        request = BackMsg()
        rerun = request.rerun_script
        rerun.query_string, rerun.page_script_hash, rerun.fragment_id = self.query, self._page, fragment
        rerun.widget_states.widgets.extend(self._states.values())
        rerun.cached_message_hashes.extend(self._messages)
        rerun.context_info.timezone, rerun.context_info.locale = "Etc/UTC", "en-GB"
        rerun.context_info.color_scheme = "light"
        return request

    def _recall(self, reference: ForwardMsg) -> ForwardMsg:
        message = ForwardMsg()
        message.CopyFrom(self._messages[reference.ref_hash][1])
        message.metadata.CopyFrom(reference.metadata)
        self._messages[reference.ref_hash] = (self._runs, message)
        return message

    def _take(self, element: Element, fragment: str, answer: Answer) -> None:
        kind = element.WhichOneof("type")
        if kind == "exception":
            raise WrongAnswerError(f"the page shows a fault: {element.exception.message}")
        if kind == "slider":
            self._take_slider(element.slider, fragment)
        elif kind == "vega_lite_chart":
            chart, digest = element.vega_lite_chart, hashlib.sha256()
            for dataset in chart.datasets:
                digest.update(dataset.name.encode() + dataset.data.data)
            answer.charts[f"{len(answer.charts)}"] = digest.hexdigest()
        elif kind == "button":
            if found := RESET.search(element.button.id):
                answer.changed.add(found[1])
        elif kind == "html":
            if found := LEAD.search(element.html.body):
                answer.lead = found[1]
            if found := SOURCE.search(element.html.body):
                answer.source = found[1]
            if 'data-testid="fault"' in element.html.body:
                raise WrongAnswerError(f"the page shows a fault: {element.html.body}")

    def _take_slider(self, proto: Any, fragment: str) -> None:
        # A value that the script has set counts more than the one that the slider begins with.
        told = list(proto.value if proto.set_value else proto.default)
        if found := SLIDER.search(proto.id):
            name = found[1]
            self._fragment = fragment
            if name not in self.sliders:
                self.sliders[name] = Slider(proto.id, name, proto.min, proto.max, proto.step, told[0])
            if proto.set_value or name not in self.values:
                self.values[name] = told[0]
        if proto.set_value or proto.id not in self._states:
            state = self._states[proto.id] = WidgetState(id=proto.id)
            if proto.options:
                chosen = proto.raw_value if proto.set_value else [proto.options[int(index)] for index in told]
                state.string_array_value.data.extend(chosen)
            else:
                state.double_array_value.data.extend(told)
