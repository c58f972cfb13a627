using Mayu.Client;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;

namespace Mayu.Ctl.Commands.Doctor;

/// <summary>What only the client can see of a server, and then what the server says of itself.</summary>
/// <param name="options">How the server is reached.</param>
/// <param name="time">This host's clock.</param>
internal sealed class ClientFindings(MayuClientOptions options, TimeProvider time)
{
    // The server tells whole seconds.
    private static readonly TimeSpan MostSkew = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan SoonEnding = TimeSpan.FromDays(14);

    /// <summary>Whether the server answered.</summary>
    public bool IsReached { get; private set; }

    /// <summary>Looks.</summary>
    public async Task<IReadOnlyList<DoctorFinding>> LookAsync(CancellationToken cancellation)
    {
        if (!(await MayuClient.OpenAsync(options, cancellation)).TryGet(out var client, out var failure))
        {
            return [Of("settings", failure)];
        }

        using (client)
        {
            if (!(await client.InspectAsync(cancellation)).TryGet(out var seen, out failure))
            {
                return [Of("server", failure)];
            }

            IsReached = true;
            var version = client.GetVersionAsync(cancellation);
            var doctor = client.GetDoctorAsync(cancellation);
            return [Answers(seen), Connection(seen), .. Clock(seen), .. Version(await version), .. Server(await doctor)];
        }
    }

    private static DoctorFinding Of(string id, ApiFailure failure) =>
        Found(id, DoctorFinding.Error, failure.Detail is { Length: > 0 } detail ? $"{failure.Title}: {detail}" : failure.Title, failure.Advice);

    private static DoctorFinding Found(string id, string status, string what, string? remedy = null) => new() { Id = id, Status = status, What = what, Remedy = remedy };

    private DoctorFinding Answers(ServerInspection seen) => Found("server", DoctorFinding.Ok, $"{options.Server} answers, within {Math.Max(1, seen.Took.TotalMilliseconds):0} ms");

    private DoctorFinding Connection(ServerInspection seen) =>
        options.ExposesToken ? Found("connection", DoctorFinding.Warning, $"the token crosses the network unencrypted to {options.Server}", "Use https:// unless the network is trusted.")
        : seen.CertificateEnds is not { } ends ? Found("connection", DoctorFinding.Ok, "plain HTTP, within this host")
        : ends - time.GetUtcNow() < SoonEnding ? Found("connection", DoctorFinding.Warning, $"the server's certificate ends at {ends:yyyy-MM-dd HH:mm} UTC", "Renew it: docs/security.md, \"Keys\".")
        : Found("connection", DoctorFinding.Ok, $"TLS; the server's certificate is believed, and valid until {ends:yyyy-MM-dd}");

    private IEnumerable<DoctorFinding> Clock(ServerInspection seen)
    {
        if (seen.Clock is { } server)
        {
            var skew = server - time.GetUtcNow();
            yield return skew.Duration() <= MostSkew
                ? Found("clock-skew", DoctorFinding.Ok, "the clocks of this host and of the server agree")
                : Found(
                    "clock-skew", DoctorFinding.Warning, $"the server's clock is {skew.Duration().TotalSeconds:0} s {(skew > TimeSpan.Zero ? "ahead of" : "behind")} the clock of this host",
                    "Run a time service on both, chrony for example. Times in `history` and `trace` are the server's.");
        }
    }

    private static IEnumerable<DoctorFinding> Version(ApiResult<VersionInfo> answer)
    {
        if (!answer.TryGet(out var server, out _))
        {
            // What the doctor's own request is refused for is the same.
            yield break;
        }

        yield return server.Version == ProgramVersion.Text
            ? Found("version", DoctorFinding.Ok, $"this program and the server are {server.Version}")
            : Found("version", DoctorFinding.Warning, $"mayuctl is {ProgramVersion.Text}, the server {server.Version}", "Install the same version of both.");
    }

    private static IEnumerable<DoctorFinding> Server(ApiResult<IReadOnlyList<DoctorFinding>> answer) =>
        answer.TryGet(out var findings, out var failure) ? findings : failure.Kind switch
        {
            ApiFailureKind.Unauthorized or ApiFailureKind.Forbidden => [Of("token", failure)],
            ApiFailureKind.NotFound => [Found("checks", DoctorFinding.Unknown, "the server's version does not check itself", "Update the server.")],
            _ => [Of("checks", failure)],
        };
}
