"""A RabbitMQ of the tests' own, from Debian's package rabbitmq-server."""

from pathlib import Path

import pika
from dramatiq.common import dq_name, xq_name
from pika.exceptions import AMQPError

from pharmasync.documents import DOCUMENT_TYPES
from pharmasync.sandbox.servers import ServerProcess, free_port
from pharmasync.sandbox.servers.ports import HOST

# Not the one in the PATH, which wants to be root and changes to the user rabbitmq.
BINARY = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")


class Epmd(ServerProcess):
    """The name server that every Erlang node wants: one of RabbitMQ's own, or it would start one that outlives it."""

    name = "epmd"

    @property
    def url(self) -> str:
        return f"epmd://{HOST}:{self.port}"

    def _command(self, directory: Path) -> list[str]:  # noqa: ARG002 - it has no files
        return ["epmd", "-port", str(self.port), "-address", HOST]

    def _ping(self) -> bool:
        return True


class RabbitMQ(ServerProcess):
    """A RabbitMQ node with everything that it keeps in a temporary directory: after `kill` it finds its queues again.

    Args:
        epmd: The name server.
        port: The port to listen on. By default a free one.
    """

    name = "rabbitmq"
    start_seconds = 60.0

    def __init__(self, epmd: Epmd, port: int | None = None) -> None:
        super().__init__(port)
        self._epmd = epmd

    @property
    def url(self) -> str:
        """The address, with the account that every new RabbitMQ has for clients on loopback."""
        return f"amqp://guest:guest@{HOST}:{self.port}/"

    def lose_everything(self) -> None:
        """Ends it like a crash that takes its disk along."""
        self.kill()
        self.stop()

    def delete_queues(self) -> None:
        """Deletes the queues of all document types, and those that Dramatiq makes beside them."""
        with pika.BlockingConnection(pika.URLParameters(self.url)) as connection, connection.channel() as channel:
            for kind in DOCUMENT_TYPES:
                for queue in (kind.queue, dq_name(kind.queue), xq_name(kind.queue)):
                    channel.queue_delete(queue)

    def _command(self, directory: Path) -> list[str]:
        environment = {
            "HOME": directory,  # the cookie's place
            "RABBITMQ_NODENAME": f"rabbit-{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": HOST,
            "RABBITMQ_NODE_PORT": self.port,
            "RABBITMQ_DIST_PORT": free_port(),
            "RABBITMQ_MNESIA_BASE": directory,
            "RABBITMQ_LOG_BASE": directory,
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_ENABLED_PLUGINS_FILE": directory / "no-plugins",
            "RABBITMQ_CONFIG_FILE": directory / "no-configuration",
            "RABBITMQ_CONF_ENV_FILE": directory / "no-environment",
            "ERL_EPMD_PORT": self._epmd.port,
            "RUNNING_UNDER_SYSTEMD": "true",  # no shell around it that a signal would have to pass
        }
        return ["env", *(f"{name}={value}" for name, value in environment.items()), str(BINARY)]

    def _ping(self) -> bool:
        try:
            pika.BlockingConnection(pika.URLParameters(self.url)).close()
        except (AMQPError, OSError):
            return False
        return True
