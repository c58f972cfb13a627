using System.Diagnostics.CodeAnalysis;
using Mayu.Client.Contracts;
using Mayu.Primitives;

namespace Mayu.Server.Api.Doctor;

/// <summary>A check that ends in time, whatever it waits for: a disk that hangs, for example. One that still hangs is not begun again.</summary>
/// <param name="check">The check.</param>
/// <param name="clock">The time.</param>
internal sealed class BoundedCheck(IDoctorCheck check, TimeProvider clock)
{
    private const string InLog = "The server's log may say more.";

    private Task<IReadOnlyList<DoctorFinding>>? _running;

    /// <summary>Looks. Not twice at the same time.</summary>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<DoctorFinding>> LookAsync(CancellationToken cancellation)
    {
        if (_running is { IsCompleted: false })
        {
            return Unknown("the check of an earlier request has not ended yet");
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _running = Task.Run(() => TriedAsync(end.Token), CancellationToken.None);
        try
        {
            return await _running.WaitAsync(check.Limit, clock, cancellation);
        }
        catch (TimeoutException)
        {
            await end.CancelAsync();
            return Unknown($"the check did not end within {check.Limit.TotalSeconds:0.#} s");
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "it is told, and the other checks go on")]
    private async Task<IReadOnlyList<DoctorFinding>> TriedAsync(CancellationToken cancellation)
    {
        // What was found before it failed counts.
        var (findings, fine) = (new Findings(check.Id), "");
        try
        {
            fine = await check.LookAsync(findings, cancellation);
        }
        catch (Exception e)
        {
            findings.Unknown($"the check failed: {e.Reason()}", InLog);
        }

        return findings.OrFine(fine);
    }

    private DoctorFinding[] Unknown(string what) => [new() { Id = check.Id, Status = DoctorFinding.Unknown, What = what, Remedy = InLog }];
}
