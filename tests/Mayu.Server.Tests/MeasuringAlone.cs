namespace Mayu.Server.Tests;

/// <summary>
/// Tests that read <c>/metrics</c>: each exporter of the process hears the instruments of all servers in it, and of two with one name the last
/// one's number stands there. So they run when no other test does.
/// </summary>
[CollectionDefinition(nameof(MeasuringAlone), DisableParallelization = true)]
public sealed class MeasuringAlone;
