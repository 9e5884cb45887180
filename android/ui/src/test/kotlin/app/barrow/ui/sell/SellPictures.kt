package app.barrow.ui.sell

import app.barrow.ui.app.Route
import app.barrow.ui.app.TillScreens
import app.barrow.ui.picture.Frame
import app.barrow.ui.picture.Frames
import app.barrow.ui.picture.picture
import org.junit.AfterClass
import org.junit.Test

/** Pictures of the selling screens over the real core. */
class SellPictures {
    private fun shot(name: String, frame: Frame = Frames.phone, stall: Stall = filled) =
        picture(name, frame, settle = 40, pauseMs = 8) { TillScreens(stall.selling, stall.shop) { } }

    private fun at(route: Route, stall: Stall = filled, draw: () -> Unit) {
        stall.seat.go.go(route)
        draw()
        stall.seat.go.home()
    }

    @Test
    fun sell() = Frames.all.forEach { shot("sell", it) }

    @Test
    fun cart() = at(Route.Cart) { Frames.all.forEach { shot("cart", it) } }

    @Test
    fun charge() = at(Route.Charge) { Frames.all.forEach { shot("charge", it) } }

    companion object {
        private val filled by lazy { Stall().apply { fillCart() } }

        @AfterClass
        @JvmStatic
        fun close() = filled.close()
    }
}
