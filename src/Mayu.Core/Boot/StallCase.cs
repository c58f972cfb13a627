using Mayu.Core.Machines;

namespace Mayu.Core.Boot;

/// <summary>What a stall is judged from.</summary>
/// <param name="Step">The newest hop of its boot.</param>
/// <param name="HasAddress">Whether an operating system got an address after that hop.</param>
/// <param name="State">The machine's state; null while it has no record.</param>
/// <param name="Answer">What it gets when it boots from the network now.</param>
internal readonly record struct StallCase(Hop Step, bool HasAddress, MachineState? State, BootAnswer Answer);
