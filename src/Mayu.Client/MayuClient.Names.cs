using Mayu.Client.Contracts;

namespace Mayu.Client;

public sealed partial class MayuClient
{
    /// <summary>
    /// Asks about a machine by whatever a person typed: its serial, an unambiguous beginning of one, or a MAC in any usual form. The serial comes
    /// first: only where no machine has it are all machines looked at, and the request is sent again with the one that was meant.
    /// </summary>
    /// <param name="name">What was typed.</param>
    /// <param name="ask">The request, for a serial.</param>
    /// <param name="isWhole">Whether the beginning of a serial is not enough: what cannot be taken back needs the whole of it, or a MAC.</param>
    /// <param name="cancellation">Ends the requests.</param>
    public async Task<ApiResult<T>> ByNameAsync<T>(string name, Func<string, Task<ApiResult<T>>> ask, bool isWhole = false, CancellationToken cancellation = default)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(ask);
        var answer = await ask(name);
        if (answer.TryGet(out _, out var failure) || failure.Kind != ApiFailureKind.NotFound)
        {
            return answer;
        }

        // If the machine is there, something else of it is not.
        var exact = await GetMachineAsync(name, cancellation);
        return exact.TryGet(out _, out var unknown) || unknown.Kind != ApiFailureKind.NotFound
            ? answer
            : await (await AmongAllAsync(name, failure, isWhole, cancellation)).ThenAsync(meant => ask(meant.Serial));
    }

    /// <summary>The machine that a person means by a name: see <see cref="ByNameAsync"/>.</summary>
    /// <param name="name">What was typed.</param>
    /// <param name="cancellation">Ends the requests.</param>
    public async Task<ApiResult<Machine>> FindMachineAsync(string name, CancellationToken cancellation = default)
    {
        var exact = await GetMachineAsync(name, cancellation);
        return exact.TryGet(out _, out var failure) || failure.Kind != ApiFailureKind.NotFound ? exact : await AmongAllAsync(name, failure, isWhole: false, cancellation);
    }

    private async Task<ApiResult<Machine>> AmongAllAsync(string name, ApiFailure unknown, bool isWhole, CancellationToken cancellation) =>
        // Without a list, what the server said of the name is still the answer.
        (await ListMachinesAsync(cancellation)).TryGet(out var machines, out _) ? MachineName.Find(name, machines, isWhole, unknown) : ApiResult<Machine>.Of(unknown);
}
