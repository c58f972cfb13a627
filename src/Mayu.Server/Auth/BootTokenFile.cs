using System.Globalization;
using System.Text;
using Mayu.Linux.Files;
using Mayu.Primitives;

namespace Mayu.Server.Auth;

/// <summary>
/// Keeps boot tokens over a restart: a server that is updated while machines install goes on with them. What a kill takes away is a few seconds; a machine
/// whose token is gone boots again and gets another. It runs from <see cref="Open"/> until it is disposed of.
/// </summary>
internal sealed partial class BootTokenFile : IAsyncDisposable
{
    private const string Heading = "mayu-boot-tokens 2";
    private const int MaxBytes = 64 << 20;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly string _file;
    private readonly BootTokens _tokens;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private long _written;

    private BootTokenFile(string file, BootTokens tokens, TimeProvider clock, ILogger log)
    {
        (_file, _tokens, _clock, _log) = (file, tokens, clock, log);
        _written = tokens.Changes;
        _running = RunAsync();
    }

    /// <summary>Reads what the last run left, and writes from now on what changes.</summary>
    /// <param name="file">The file; mode 0600, of hashes alone.</param>
    /// <param name="tokens">The tokens.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="log">Told of what cannot be read or written: the boots that it is about begin anew.</param>
    public static BootTokenFile Open(string file, BootTokens tokens, TimeProvider clock, ILogger log)
    {
        try
        {
            if (File.Exists(file))
            {
                var (state, unread) = Parse(BoundedFile.ReadText(file, MaxBytes));
                tokens.Load(state);
                if (unread > 0)
                {
                    LogNotUnderstood(log, file, unread);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotRead(log, file, e.Reason());
        }

        return new BootTokenFile(file, tokens, clock, log);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        Write();
    }

    internal static string Format(BootTokenState state)
    {
        var text = new StringBuilder(Heading).Append('\n');
        foreach (var token in state.Tokens)
        {
            text.Append(CultureInfo.InvariantCulture, $"token {token.Hash:x32} {token.Issued.ToUnixTimeMilliseconds()} {token.Client} ")
                .Append(token.Mac?.ToString() ?? "-").Append(' ').Append(token.Machine is { } machine ? Uri.EscapeDataString(machine.Text) : "-")
                .Append(' ').Append(token.IsKnown ? "known" : "-").Append(' ').Append(token.HasItsAddress ? "own" : "-")
                .Append(' ').AppendJoin(',', token.Given.Select(given => $"{Uri.EscapeDataString(given.Key)}:{given.Value}")).Append('\n');
        }

        foreach (var (machine, when) in state.Installed)
        {
            text.Append(CultureInfo.InvariantCulture, $"installed {Uri.EscapeDataString(machine.Text)} {when.ToUnixTimeMilliseconds()}\n");
        }

        return text.ToString();
    }

    // A line that is none is passed over: its boot begins anew.
    internal static (BootTokenState State, int Unread) Parse(string text)
    {
        var lines = text.TrimEnd('\n').Split('\n');
        var unread = lines[0] == Heading ? 0 : lines.Length;
        var (tokens, installed) = (new List<BootToken>(), new List<KeyValuePair<Serial, DateTimeOffset>>());
        foreach (var line in lines[0] == Heading ? lines.Skip(1) : [])
        {
            switch (line.Split(' '))
            {
                case ["token", var hash, var issued, var client, var mac, var machine, var known, var own, var given]
                    when UInt128.TryParse(hash, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) && TryTime(issued, out var when) && Ipv4.TryParse(client, out var address):
                    tokens.Add(new BootToken
                    {
                        Hash = number,
                        Issued = when,
                        Client = address,
                        Mac = MacAddress.TryParse(mac, out var nic) ? nic : null,
                        Machine = machine != "-" && Serial.TryParse(Uri.UnescapeDataString(machine), out var named, out _) ? named : null,
                        IsKnown = known == "known",
                        HasItsAddress = own == "own",
                        Given = GivenOf(given),
                    });
                    break;
                case ["installed", var machine, var time] when Serial.TryParse(Uri.UnescapeDataString(machine), out var serial, out _) && TryTime(time, out var when):
                    installed.Add(new(serial, when));
                    break;
                default:
                    unread++;
                    break;
            }
        }

        return (new BootTokenState(tokens, installed), unread);
    }

    private static Dictionary<string, int> GivenOf(string text)
    {
        var given = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split(':') is [var name, var count] && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                given[Uri.UnescapeDataString(name)] = number;
            }
        }

        return given;
    }

    private static bool TryTime(string text, out DateTimeOffset time)
    {
        var isTime = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds < DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
        time = isTime ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : default;
        return isTime;
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Pause, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                Write();
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed of.
        }
    }

    private void Write()
    {
        if (_tokens.Changes is var changes && changes == _written)
        {
            return;
        }

        try
        {
            PrivateFile.Write(_file, Format(_tokens.Save()));
            _written = changes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotWritten(_log, _file, e.Reason());
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{File} cannot be read: {Error}. Machines that are booting now have to boot again")]
    private static partial void LogNotRead(ILogger log, string file, string error);

    [LoggerMessage(3, LogLevel.Warning, "{File} is damaged, or of another version of Mayu: {Lines} of its lines cannot be read. Machines that are booting now may have to boot again")]
    private static partial void LogNotUnderstood(ILogger log, string file, int lines);

    [LoggerMessage(2, LogLevel.Warning, "{File} cannot be written: {Error}. After a restart of Mayu, machines that are booting now have to boot again")]
    private static partial void LogNotWritten(ILogger log, string file, string error);
}
