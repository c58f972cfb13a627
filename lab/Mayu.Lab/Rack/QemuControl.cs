using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mayu.Lab.Rack;

/// <summary>Says one command to a running QEMU over its machine protocol (QMP).</summary>
internal static class QemuControl
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Presses a key of the machine's keyboard and lets it go.</summary>
    /// <param name="socketPath">QEMU's socket.</param>
    /// <param name="key">QEMU's name of it (a <c>QKeyCode</c>): <c>ret</c>, <c>down</c>, <c>a</c>.</param>
    /// <param name="cancellation">Ends the wait for its answer.</param>
    /// <exception cref="LabException">QEMU did not answer, or refused.</exception>
    public static Task PressAsync(string socketPath, string key, CancellationToken cancellation) =>
        ExecuteAsync(socketPath, "send-key", cancellation, new JsonObject { ["keys"] = new JsonArray(new JsonObject { ["type"] = "qcode", ["data"] = key }) });

    /// <summary>Presses the reset button.</summary>
    /// <param name="socketPath">QEMU's socket.</param>
    /// <param name="order">What the firmware tries first from then on; null: as before.</param>
    /// <param name="cancellation">Ends the wait for its answer.</param>
    /// <exception cref="LabException">QEMU did not answer, or refused.</exception>
    public static async Task ResetAsync(string socketPath, BootOrder? order, CancellationToken cancellation)
    {
        if (order is { } first)
        {
            await ExecuteAsync(socketPath, "qom-set", cancellation, new JsonObject
            {
                ["path"] = $"/machine/peripheral/{QemuArguments.CardName}",
                ["property"] = "bootindex",
                ["value"] = first == BootOrder.NetworkFirst ? 0 : QemuArguments.MostDisks + 1,
            });
        }

        await ExecuteAsync(socketPath, "system_reset", cancellation);
    }

    /// <exception cref="LabException">QEMU did not answer, or refused.</exception>
    public static async Task ExecuteAsync(string socketPath, string command, CancellationToken cancellation, JsonObject? arguments = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), limit.Token);
            await using var stream = new NetworkStream(socket);
            using var reader = new StreamReader(stream);
            await reader.ReadLineAsync(limit.Token); // The greeting.
            await CommandAsync(stream, reader, "qmp_capabilities", null, limit.Token);
            await CommandAsync(stream, reader, command, arguments, limit.Token);
        }
        catch (Exception failure) when (failure is SocketException or IOException or OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new LabException($"QEMU did not accept '{command}' at {socketPath}: {failure.Message}", failure);
        }
    }

    private static async Task CommandAsync(Stream stream, StreamReader reader, string command, JsonObject? arguments, CancellationToken cancellation)
    {
        var said = new JsonObject { ["execute"] = command };
        if (arguments is not null)
        {
            said["arguments"] = arguments;
        }

        await stream.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(said), cancellation);
        while (true)
        {
            var line = await reader.ReadLineAsync(cancellation) ?? throw new IOException("it closed the connection");
            using var answer = JsonDocument.Parse(line);
            if (answer.RootElement.TryGetProperty("error", out var error))
            {
                throw new LabException($"QEMU refused '{command}': {error}");
            }

            if (answer.RootElement.TryGetProperty("return", out _))
            {
                return; // Anything before it is an event.
            }
        }
    }
}
