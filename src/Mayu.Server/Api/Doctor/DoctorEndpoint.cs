using Mayu.Client.Contracts;
using Mayu.Server.Access;
using Mayu.Server.Auth;

namespace Mayu.Server.Api.Doctor;

/// <summary><c>GET /api/v1/doctor</c>: looks at all that machines need of this server and its host, and says what to do. It changes nothing.</summary>
/// <param name="checks">What is looked at, in the order of the answer.</param>
internal sealed class DoctorEndpoint(IReadOnlyList<BoundedCheck> checks)
{
    private readonly Lock _one = new();
    private Task<DoctorFinding[]>? _running;

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/v1/doctor", async (Caller caller) =>
        TypedResults.Ok(new ItemList<DoctorFinding> { Items = [TokenOf(caller), .. await LookAsync()] })).For(Role.Viewer)
        .WithName("getDoctor").WithSummary("Checks what machines need of the server and its host, and says what to do. It takes up to 6 seconds and changes nothing; it may send one DHCPDISCOVER.");

    // Who asks while it looks gets the same answer: however many ask, it looks once.
    private Task<DoctorFinding[]> LookAsync()
    {
        lock (_one)
        {
            return _running is { IsCompleted: false } ? _running : _running = LookAtAllAsync();
        }
    }

    private async Task<DoctorFinding[]> LookAtAllAsync() =>
        [.. (await Task.WhenAll(checks.Select(check => check.LookAsync(CancellationToken.None)))).SelectMany(found => found)];

    private static DoctorFinding TokenOf(Caller caller) => new()
    {
        Id = "token",
        Status = DoctorFinding.Ok,
        What = $"the {caller.Title} has the role {RoleNames.Of(caller.Role)}{(caller.Scope.IsEverything ? "" : $", for machines with {caller.Scope}")}",
    };
}
