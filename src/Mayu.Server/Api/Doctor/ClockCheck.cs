using Mayu.Linux.Processes;

namespace Mayu.Server.Api.Doctor;

/// <summary>The clock of the server's host: certificates, tokens, leases and the history live by it.</summary>
internal sealed class ClockCheck(TimeProvider clock) : IDoctorCheck
{
    // Before this version was made.
    private static readonly DateTimeOffset Earliest = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public string Id => "clock";

    /// <inheritdoc/>
    public Task<string> LookAsync(Findings findings, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (now < Earliest)
        {
            findings.Error($"the server's clock shows {now:yyyy-MM-dd HH:mm} UTC, which is past", "Set it (date -s), and run a time service, chrony for example.");
        }
        else if (KernelClock.IsSynchronized == false)
        {
            findings.Warn($"no time service keeps the server's clock right; it shows {now:yyyy-MM-dd HH:mm} UTC", "Run one: chrony or systemd-timesyncd. In a container or a virtual machine the host may do it, which cannot be seen here.");
        }

        return Task.FromResult($"{now:yyyy-MM-dd HH:mm} UTC, kept right by a time service");
    }
}
